/**
 * First and last of `columns` equally wide columns in `width` pixels that lie under a drag, whichever way it went. Both
 * count, and a drag that leaves the columns ends at the last one.
 */
export function columnsBetween(from: number, to: number, width: number, columns: number): [number, number] {
  const at = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor((x / width) * columns)))
  return [at(Math.min(from, to)), at(Math.max(from, to))]
}
