/** A daemon that misbehaves as a test wants: what a real one never does must be survived too. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Frames } from '../../src/bus/dbus/frames.ts';
import { encodeMessage, type Header, MESSAGE_TYPE, type Message, parseMessage } from '../../src/bus/dbus/message.ts';
import type { WireWriter } from '../../src/bus/dbus/wire-writer.ts';

export const FAKE_NAME = ':1.1';
const DAEMON = 'org.freedesktop.DBus';

export interface FakeDaemon {
  readonly address: string;
  stop(): Promise<void>;
}

/** Listens, and lets `serve` do as it likes with each connection. */
export async function fakeDaemon(serve: (socket: Socket) => void): Promise<FakeDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-fake-'));
  const path = join(folder, 'socket');
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  return {
    address: `unix:path=${path}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>(resolve => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a fake daemon says on a connection. */
export interface Speaker {
  readonly socket: Socket;
  /** Sends a message. A sender must be given for it to be believed: the daemon's own is `DAEMON`. */
  send(header: Header & { readonly sender?: string }, body?: (writer: WireWriter) => void): void;
  /** Answers a call as the daemon. */
  reply(call: Message, signature?: string, body?: (writer: WireWriter) => void): void;
}

/** Authenticates, answers Hello, and gives every other message to `hear`. */
export function speak(
  socket: Socket,
  hear: (message: Message, speaker: Speaker) => void,
  welcomed?: (speaker: Speaker) => void,
): void {
  const frames = new Frames();
  let serial = 0;
  let begun = false;
  const speaker: Speaker = {
    socket,
    send: (header, body) => {
      const bytes = encodeMessage(header, ++serial, body);
      if ('fault' in bytes) throw new Error(bytes.fault);
      socket.write(withSender(bytes, header.sender ?? DAEMON));
    },
    reply: (call, signature = '', body) =>
      speaker.send({ type: MESSAGE_TYPE.reply, replySerial: call.serial, destination: FAKE_NAME, signature }, body),
  };
  socket.on('data', bytes => {
    if (!begun) {
      const end = bytes.indexOf('BEGIN\r\n');
      if (end < 0) {
        socket.write('OK 00\r\n');
        return;
      }
      begun = true;
      bytes = bytes.subarray(end + 7);
    }
    frames.push(bytes);
    for (let next = frames.next(); next !== undefined && !('fault' in next); next = frames.next()) {
      const message = parseMessage(next);
      if ('fault' in message) throw new Error(message.fault);
      if (message.member === 'Hello') {
        speaker.reply(message, 's', writer => writer.string(FAKE_NAME));
        welcomed?.(speaker);
      } else hear(message, speaker);
    }
  });
}

/** Puts a sender into the header of a message, which ours never have. */
function withSender(bytes: Buffer, sender: string): Buffer {
  const fields = bytes.readUInt32LE(12);
  const pad = (length: number): number => (length + 7) & -8;
  const text = Buffer.from(sender, 'latin1');
  const field = Buffer.alloc(8 + text.length + 1);
  field.set([7, 1, 0x73, 0]);
  field.writeUInt32LE(text.length, 4);
  field.set(text, 8);
  const header = Buffer.alloc(pad(16 + pad(fields) + field.length));
  bytes.copy(header, 0, 0, 16 + fields);
  field.copy(header, 16 + pad(fields));
  header.writeUInt32LE(pad(fields) + field.length, 12);
  return Buffer.concat([header, bytes.subarray(16 + pad(fields))]);
}
