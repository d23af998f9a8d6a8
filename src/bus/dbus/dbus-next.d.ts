/** The one part of dbus-next that we use: the client's side of authentication. */
declare module 'dbus-next/lib/handshake.js' {
  import type { Duplex } from 'node:stream';

  /** Says the NUL byte, AUTH and BEGIN. Calls back once, or never when the other side says nothing. */
  function authenticate(
    stream: Duplex,
    options: { authMethods: readonly string[] },
    done: (error: unknown, guid?: string) => void,
  ): void;
  export default authenticate;
}
