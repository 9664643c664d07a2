/** The lines of Markdown apart from what a formatter may change: empty ones, the width of columns, escapes. */
export function lines(markdown: string): string[] {
  return markdown
    .split('\n')
    .map((line) =>
      line
        .replaceAll('\\', '')
        .replaceAll(/\s*\|\s*/g, '|')
        .trim(),
    )
    .filter((line) => line !== '' && !/^[|:-]+$/.test(line));
}
