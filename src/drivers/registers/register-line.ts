/** The way to the registers of one device, whatever carries them: VE.Direct HEX, VE.Can. */

export type RegisterOutcome =
  | { readonly kind: 'value'; readonly value: Uint8Array }
  /** `flags`: see FLAG in protocols/vedirect/hex-frame.ts */
  | { readonly kind: 'refused'; readonly flags: number }
  /** No answer to any try, or the line was closed. */
  | { readonly kind: 'silent' };

export interface RegisterLine {
  /** Whether the device has ever answered. */
  readonly speaks: boolean;
  /** Reads a register. Never rejects. */
  get(register: number): Promise<RegisterOutcome>;
  /**
   * Writes a register, before anything is read. Never rejects; a value is what the device has taken.
   *
   * @param urgent goes before what else waits to be written
   */
  set(register: number, value: Uint8Array, urgent?: boolean): Promise<RegisterOutcome>;
}
