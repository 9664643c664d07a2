/** Markdown apart from what a formatter may change: white space, the lines under the heads of tables, escapes. */
export function squeezed(markdown: string): string {
  return markdown.replaceAll(/\s+|-{3,}|\\/g, '');
}
