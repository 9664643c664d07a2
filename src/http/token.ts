/** `token = 1*tchar` (RFC 9110 §5.6.2): field names, directive names, unquoted arguments. */

const TOKEN_CHARACTERS = new Set(
  Buffer.from("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
);

export function isTokenCharacter(code: number): boolean {
  return TOKEN_CHARACTERS.has(code);
}

export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isTokenCharacter(text.charCodeAt(i))) return false;
  return text !== '';
}
