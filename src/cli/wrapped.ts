/** Text in lines of a width, broken at spaces; what has no space is left whole, so that a URL can be clicked. */
export function wrapped(text: string, width: number): string[] {
  return filled(shown(text).split(' '), ' ', width);
}

/** Text of a server without what a terminal would obey: C1 controls may stand in a field (RFC 9110 §5.5). */
export function shown(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}

/** Parts with something between them, in lines of a width, and none of them broken. */
export function filled(parts: readonly string[], between: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line !== '' && line.length + between.length + part.length > width) {
      lines.push(line);
      line = part;
    } else line = line === '' ? part : line + between + part;
  }
  return [...lines, line];
}
