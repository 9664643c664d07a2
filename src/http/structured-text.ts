/** Structured Fields as text (RFC 9651 §4.1). What has no form as text throws a TypeError: it is ours, not a peer's. */
import { isPrintable, isStructuredToken, structuredKey, type BareItem } from './bare-item.ts';
import { isInnerList, type Dictionary, type Item, type Member, type Parameters } from './structured-field.ts';

/** A String where it can be one, as most texts can. */
export function formatString(value: string): string {
  for (let i = 0; i < value.length; i++) if (!isPrintable(value.charCodeAt(i))) refuse('String', value);
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** An empty List has no form: the field is not sent. */
export function formatList(members: readonly Member[]): string {
  return members.map(formatMember).join(', ');
}

export function formatDictionary(members: Dictionary): string {
  return [...members]
    .map(([key, member]) => {
      const name = formatKey(key);
      const bare = !isInnerList(member) && member.value.kind === 'boolean' && member.value.value;
      return bare ? name + formatParameters(member.parameters) : `${name}=${formatMember(member)}`;
    })
    .join(', ');
}

export function formatItem({ value, parameters }: Item): string {
  return formatBareItem(value) + formatParameters(parameters);
}

function formatMember(member: Member): string {
  if (!isInnerList(member)) return formatItem(member);
  return `(${member.items.map(formatItem).join(' ')})${formatParameters(member.parameters)}`;
}

function formatParameters(parameters: Parameters): string {
  let text = '';
  for (const [key, value] of parameters) {
    text += `;${formatKey(key)}`;
    if (value.kind !== 'boolean' || !value.value) text += `=${formatBareItem(value)}`;
  }
  return text;
}

function formatKey(key: string): string {
  return structuredKey({ text: key, at: 0 }) === key ? key : refuse('key', key);
}

function formatBareItem(item: BareItem): string {
  switch (item.kind) {
    case 'integer':
      return integer(item.value);
    case 'decimal':
      return decimal(item.value);
    case 'date':
      return `@${integer(item.value)}`;
    case 'string':
      return formatString(item.value);
    case 'token':
      return isStructuredToken(item.value) ? item.value : refuse('Token', item.value);
    case 'boolean':
      return item.value ? '?1' : '?0';
    case 'byte-sequence':
      return `:${Buffer.from(item.value).toString('base64')}:`;
    case 'display-string':
      return displayString(item.value);
  }
}

function integer(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : refuse('Integer', value);
}

/** Three digits after the point, rounded to even (§4.1.5). */
function decimal(value: number): string {
  const thousandths = value * 1000;
  const below = Math.floor(thousandths);
  const rest = thousandths - below;
  const rounded = rest === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(thousandths);
  if (!(Math.abs(rounded) < 1e15)) return refuse('Decimal', value);
  const [whole = '', fraction = ''] = (rounded / 1000).toFixed(3).split('.');
  return `${whole}.${fraction.charAt(0)}${withoutZeros(fraction.slice(1))}`;
}

function withoutZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === '0') end--;
  return digits.slice(0, end);
}

function displayString(value: string): string {
  const octets = Buffer.from(value);
  if (octets.toString() !== value) return refuse('Display String', value); // a lone surrogate
  let text = '';
  for (const octet of octets) {
    const plain = isPrintable(octet) && octet !== 0x25 && octet !== 0x22;
    text += plain ? String.fromCharCode(octet) : `%${octet.toString(16).padStart(2, '0')}`;
  }
  return `%"${text}"`;
}

function refuse(type: string, value: unknown): never {
  throw new TypeError(`not a ${type} of a Structured Field: ${JSON.stringify(value)}`);
}
