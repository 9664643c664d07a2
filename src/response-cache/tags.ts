/** Tags: what a handler says that its response depends upon, and that a write makes invalid. */
import { ConfigurationError } from '../errors.ts';
import { slot } from '../state.ts';
import { tagKey } from './cache-key.ts';
import { normalizeTarget } from './target.ts';

const named = slot<Set<string>>('tags');

/** A response with more could not be invalidated by each. */
const MOST_TAGS = 128;

/** Adds tags to the response of an exchange; to an unsafe request, those that its success invalidates. */
export function addTags(exchange: object | undefined, tags: readonly string[]): void {
  checkTags('tag(request, ...tags)', tags);
  if (!exchange) return; // no layer of ours, so nothing that stores
  const before = named.get(exchange) ?? new Set();
  for (const tag of tags) before.add(tag);
  if (before.size > MOST_TAGS)
    throw new ConfigurationError('tag(request, ...tags)', `at most ${MOST_TAGS} tags on a response`, before.size);
  named.set(exchange, before);
}

export function tagsOf(exchange: object): readonly string[] {
  return [...(named.get(exchange) ?? [])];
}

export function checkTags(where: string, tags: unknown): asserts tags is readonly string[] {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== '')) return;
  throw new ConfigurationError(where, 'tags that are texts', tags);
}

/** The names of tags, groups and targets in a store. A target has one for all who may ask for it, on whatever host, in whatever variant. */
export interface Names {
  tag(name: string): string;
  group(name: string): string;
  target(target: string): string;
}

export function namesIn(namespace: string): Names {
  return {
    tag: (name) => tagKey(namespace, 'tag', undefined, name),
    group: (name) => tagKey(namespace, 'group', undefined, name),
    // Whoever invalidates need not know in which order a cache writes parameters.
    target: (target) => tagKey(namespace, 'target', undefined, normalizeTarget(target, { sort: true })),
  };
}
