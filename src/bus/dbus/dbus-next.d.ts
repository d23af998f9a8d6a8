/** The one part of dbus-next that we use: its connection, up to the end of authentication. */
declare module 'dbus-next/lib/connection.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  interface RawConnection extends EventEmitter {
    readonly stream: Socket;
  }
  /** Connects and authenticates. Emits `connect` when that is done, else `error`, or nothing at all. */
  function createConnection(options: { busAddress: string; authMethods: readonly string[] }): RawConnection;
  export default createConnection;
}
