const WIDTH = 30
const EVERY_MS = 100

/** A line that fills up, on a terminal; silent where nobody looks. */
export function progressBar(out: NodeJS.WriteStream = process.stderr) {
  let drawnAt = 0
  const draw = (what: string, done: number, of: number) => {
    const share = of === 0 ? 1 : Math.min(1, done / of)
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
    out.write(`\r${what.padEnd(10)} ${bar} ${Math.floor(share * 100)} %  ${done.toLocaleString('en-US')} rows\u001b[K`)
  }
  return {
    show: (what: string, done: number, of: number): void => {
      if (!out.isTTY || (Date.now() - drawnAt < EVERY_MS && done < of)) return
      drawnAt = Date.now()
      draw(what, done, of)
    },
    end: (): void => {
      if (out.isTTY) out.write('\r\u001b[K')
    },
  }
}
