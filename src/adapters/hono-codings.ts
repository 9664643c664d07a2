/** A compressor around ours, such as Hono's: it adds Vary to a response, and makes a strong tag weak, once we are done with it. */
import type { Exchange, HeaderFields } from '../exchange.ts';
import { formatEntityTag, parseEntityTag, readEntityTagList, strongMatch, weakMatch } from '../http/entity-tag.ts';
import { codingMemory } from './content-coded.ts';

/** One for each mounted middleware. What became of one response is learnt when the next request comes. */
export interface OuterCodings {
  /** A request comes in. */
  learn(): void;
  /** Adds to a 304 what its 200 would say, and gives it the tag under which the client knows that 200 (RFC 9110 §15.4.5). */
  recall(exchange: Exchange, headers: HeaderFields): void;
  /** A response goes out, with these fields as far as we know. */
  leave(headers: HeaderFields): void;
}

export function outerCodings(): OuterCodings {
  const memory = codingMemory();
  let last: { readonly headers: HeaderFields; readonly tag: string | undefined } | undefined;
  let weakens = false;
  return {
    learn() {
      if (!last) return;
      memory.learn(last.headers);
      weakens ||= last.tag !== undefined && last.headers.get('ETag') === `W/${last.tag}`;
    },
    recall(exchange, headers) {
      memory.recall(headers);
      const tag = weakens ? parseEntityTag(headers.get('ETag') ?? '') : undefined;
      if (!tag || tag.weak) return;
      const { tags } = readEntityTagList(exchange.header('if-none-match') ?? '');
      if (tags.some((listed) => weakMatch(listed, tag)) && !tags.some((listed) => strongMatch(listed, tag)))
        headers.set('ETag', formatEntityTag({ opaque: tag.opaque, weak: true }));
    },
    leave(headers) {
      last = { headers, tag: headers.get('ETag') };
    },
  };
}
