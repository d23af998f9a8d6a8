/** Which serial ports there are. */
export interface SerialPorts {
  /** Paths that match a pattern such as `/dev/ttyUSB*`, sorted. `*` stands for any characters but a slash. */
  find(patterns: readonly string[]): Promise<string[]>;
}
