const LABEL_WIDTH = 56

/** Write every how many-th day below a chart, so that the labels fit into `width` pixels. */
export function labelStep(days: number, width: number): number {
  return Math.max(1, Math.ceil((days * LABEL_WIDTH) / Math.max(width, LABEL_WIDTH)))
}
