/** Asking the handler whether stored responses are current (RFC 9111 §4.3.1), and which of them a 304 speaks of (§4.3.4). */
import { formatEntityTag, parseEntityTag, strongMatch, weakMatch, type EntityTag } from '../http/entity-tag.ts';
import { fieldDate, fieldValue } from './field-lines.ts';
import { dateOf } from './freshness.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';
import { mostRecent } from './variants.ts';

type Received = Pick<StoredResponse, 'fields' | 'responseTime'>;

/** It has a validator that a request can name. */
export function isValidatable(response: Received): boolean {
  return entityTagOf(response) !== undefined || lastModifiedOf(response) !== undefined;
}

/**
 * The conditional fields to send, in place of any that the client sent: the tags of all responses stored for the target, and the date of the
 * one that was selected. Without a selected one a date would prove nothing.
 */
export function validationFields(
  selected: StoredResponse | undefined,
  stored: readonly StoredResponse[] = [],
): readonly FieldLine[] {
  const responses = selected ? [selected, ...stored.filter((response) => response !== selected)] : stored;
  const tags = new Set(responses.flatMap((response) => entityTagOf(response) ?? []).map(formatEntityTag));
  const modified =
    selected && lastModifiedOf(selected) !== undefined ? fieldValue(selected.fields, 'last-modified') : undefined;
  const fields: FieldLine[] = [];
  if (tags.size > 0) fields.push(['if-none-match', [...tags].join(', ')]);
  if (modified !== undefined) fields.push(['if-modified-since', modified]);
  return fields;
}

/**
 * The stored responses that a 304 is about: all with its strong validator, else the latest with its weak one. A 304 without a validator
 * is about the only response that it can be about.
 */
export function identifiedBy(notModified: Received, stored: readonly StoredResponse[]): readonly StoredResponse[] {
  const tag = entityTagOf(notModified);
  const modified = lastModifiedOf(notModified);
  if (!tag && modified === undefined) return stored.length === 1 ? stored : [];
  const sameDate = (response: StoredResponse): boolean =>
    modified !== undefined && lastModifiedOf(response) === modified;
  const byTag = (match: typeof weakMatch) => (response: StoredResponse) => {
    const own = entityTagOf(response);
    return own && tag ? match(own, tag) : sameDate(response);
  };
  const strong = tag ? !tag.weak : isStrongDate(notModified, modified);
  if (strong) return stored.filter(byTag(strongMatch));
  const latest = mostRecent(stored.filter(byTag(weakMatch)));
  return latest ? [latest] : [];
}

/** Modified at least a second before it was sent: whatever changed since would have another date (RFC 9110 §8.8.2.2). */
function isStrongDate(response: Received, modified: number | undefined): boolean {
  return modified !== undefined && modified <= dateOf(response) - 1000;
}

export function entityTagOf({ fields }: Pick<Received, 'fields'>): EntityTag | undefined {
  return parseEntityTag(fieldValue(fields, 'etag') ?? '');
}

export function lastModifiedOf({ fields, responseTime }: Received): number | undefined {
  return fieldDate(fields, 'last-modified', responseTime);
}
