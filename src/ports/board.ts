/** What is known of the board and its image: read once, at the start. */
export interface BoardFacts {
  /** What VRM knows the gateway by: twelve hexadecimal digits. */
  readonly portalId: string;
  /** `C00A`; `C003` is a machine that is not of a known make. */
  readonly productId: string;
  /** Version of the image, as a number whose hexadecimal digits are read: 0x036300 for v3.63, 0 when unknown. */
  readonly imageVersion: number;
  /** When the image was built: 20260807101500; `0` when unknown. */
  readonly imageBuild: string;
  /** Another one after each start of the machine; empty when unknown. Monotonic times of one boot belong together. */
  readonly bootId: string;
}

/** A machine that tells nothing of itself. */
export const UNKNOWN_BOARD: BoardFacts = {
  portalId: '',
  productId: 'C003',
  imageVersion: 0,
  imageBuild: '0',
  bootId: '',
};
