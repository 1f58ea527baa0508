export type TooltipLine = { readonly colour?: string; readonly label: string; readonly value: string }

/**
 * The inside of a chart's tooltip. The library wants HTML, and names come from customers' files: every text is
 * escaped here and nowhere else.
 */
export function tooltipHtml(title: string, lines: readonly TooltipLine[]): string {
  const rows = lines.map(({ colour, label, value }) => {
    const mark = colour ? `<i style="background:${escapeHtml(colour)}"></i>` : '<i></i>'
    return `<li>${mark}<span>${escapeHtml(label)}</span><b>${escapeHtml(value)}</b></li>`
  })
  return `<div class="chart-tip"><p>${escapeHtml(title)}</p><ul>${rows.join('')}</ul></div>`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
