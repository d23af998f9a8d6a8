/**
 * The board we run on, from where its image tells: /sbin/get-unique-id (else the address of the network interface),
 * /usr/bin/product-id, /opt/victronenergy/version. What is missing stays unknown.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type BoardFacts, UNKNOWN_BOARD } from '../ports/board.ts';

const UNIQUE_ID_PROGRAM = '/sbin/get-unique-id';
const PRODUCT_ID_PROGRAM = '/usr/bin/product-id';
const VERSION_FILE = '/opt/victronenergy/version';
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
/** The programs are short scripts; one that hangs must not keep us from starting. Milliseconds. */
const PROGRAM_MS = 2_000;

/** @param networkInterface whose address identifies a board that has no id of its own: `eth0` */
export function readBoardFacts(networkInterface: string): BoardFacts {
  return {
    portalId: outputOf(UNIQUE_ID_PROGRAM) ?? addressOf(networkInterface) ?? UNKNOWN_BOARD.portalId,
    productId: outputOf(PRODUCT_ID_PROGRAM) ?? UNKNOWN_BOARD.productId,
    ...imageFacts(contentOf(VERSION_FILE) ?? ''),
    bootId: contentOf(BOOT_ID_FILE)?.trim() ?? UNKNOWN_BOARD.bootId,
  };
}

/** `v3.63~2`, a name and the build time, a line each → version 0x036302 and build. */
export function imageFacts(content: string): Pick<BoardFacts, 'imageVersion' | 'imageBuild'> {
  const [version = '', , build = ''] = content.split('\n');
  const parts = /^v([0-9a-f]{1,2})\.([0-9a-f]{1,2})(?:~([0-9a-f]{1,2}))?/i.exec(version);
  if (parts === null) return { imageVersion: UNKNOWN_BOARD.imageVersion, imageBuild: UNKNOWN_BOARD.imageBuild };
  const byte = (digits: string | undefined): number => Number.parseInt(digits ?? '0', 16);
  return {
    imageVersion: (byte(parts[1]) << 16) + (byte(parts[2]) << 8) + byte(parts[3]),
    imageBuild: build.trim() === '' ? UNKNOWN_BOARD.imageBuild : build.trim(),
  };
}

function outputOf(program: string): string | undefined {
  try {
    const output = execFileSync(program, {
      timeout: PROGRAM_MS,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.trim() === '' ? undefined : output.trim();
  } catch {
    // Not an image that has it.
    return undefined;
  }
}

function addressOf(networkInterface: string): string | undefined {
  return contentOf(`/sys/class/net/${networkInterface}/address`)?.trim().replaceAll(':', '');
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not an image, or not a machine, that has it.
    return undefined;
  }
}
