/** Tables for a person: columns aligned, as wide as they need to be. */

const GAP = '  ';

/** Characters a cell may have; more is cut and marked. */
const CELL_CHARS = 60;

/** @param rows cells by row; numbers are right-aligned. @returns lines without trailing blanks */
export function table(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map(row => row.map(cell => cut(String(cell))));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return cells.map((row, r) =>
    row
      .map((cell, i) =>
        typeof rows[r]?.[i] === 'number' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join(GAP)
      .trimEnd(),
  );
}

/** What a device sends must not move the cursor of who reads it. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '·');
}

function cut(text: string): string {
  const clean = harmless(text);
  return clean.length > CELL_CHARS ? `${clean.slice(0, CELL_CHARS - 1)}…` : clean;
}
