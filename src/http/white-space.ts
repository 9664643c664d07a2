/** `OWS = *( SP / HTAB )` (RFC 9110 §5.6.3). `String.trim` takes more: NBSP is obs-text in a field. */

export function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The bounds of what lies between the white space at both ends of `value` from `from` to `to`. */
export function trimmedBounds(value: string, from: number, to: number): [from: number, to: number] {
  let [first, end] = [from, to];
  while (first < end && isWhiteSpace(value.charCodeAt(first))) first++;
  while (first < end && isWhiteSpace(value.charCodeAt(end - 1))) end--;
  return [first, end];
}

export function trimmed(text: string): string {
  return text.slice(...trimmedBounds(text, 0, text.length));
}
