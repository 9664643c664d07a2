/** Checks of what a shared cache would hand from one user to another. */
import { parseCacheControl } from '../http/cache-directives.ts';
import { describe, field, linesOf, namesIn, type Answer } from '../testing/answer.ts';
import { advised, failed, passed, skipped, type Check } from '../testing/check.ts';
import type { Audited } from './audited.ts';
import { sharing } from './cache-control.ts';
import type { MessageCheck } from './message-check.ts';

export type SharedMessageCheck = 'shared-cookie' | 'age' | 'vary';
export type SharedCheck = 'shared-credentials';

export const SHARED_MESSAGE_CHECKS: readonly MessageCheck<SharedMessageCheck>[] = [
  {
    id: 'shared-cookie',
    sentence: 'Set-Cookie is in no answer that a shared cache may keep',
    rfc: 'RFC 9111 §7.3',
    look(answer) {
      const cookies = linesOf(answer, 'Set-Cookie');
      if (cookies.length === 0) return skipped('there is no Set-Cookie');
      const how = sharing(answer);
      const received = `Set-Cookie and ${policy(answer)}`; // its value may be a session
      const hint = 'Everybody behind that cache would be given the same cookie: say private, or no-store';
      if (how === 'explicit') return failed('private, no-cache or no-store', received, hint);
      return how === 'implicit' ? advised('private, no-cache or no-store', received, hint) : passed;
    },
  },
  {
    id: 'age',
    sentence: 'Age is a whole number of seconds, and no more than the answer may be reused for',
    rfc: 'RFC 9111 §5.1',
    look(answer) {
      const value = field(answer, 'Age');
      if (value === undefined) return skipped('there is no Age: it comes from the origin');
      if (!/^\d+$/.test(value))
        return failed('one whole number', `Age: ${value}`, 'Caches ignore another, and the age with it');
      const said = parseCacheControl(field(answer, 'Cache-Control') ?? '');
      const lifetime = said.sMaxAge ?? said.maxAge;
      if (lifetime === undefined) return passed;
      const most = lifetime + Math.max(said.staleWhileRevalidate ?? 0, said.staleIfError ?? 0);
      if (Number(value) <= most) return passed;
      const hint =
        'A cache on the way has kept it for too long: does it obey s-maxage, or is its lifetime set in its own configuration?';
      const verdict = said.mustRevalidate || said.noCache === true ? failed : advised;
      return verdict(`at most ${most}`, `Age: ${value} and ${policy(answer)}`, hint);
    },
  },
  {
    id: 'vary',
    sentence: 'Vary is a list of field names, without the asterisk that keeps all caches from reusing the answer',
    rfc: 'RFC 9110 §12.5.5',
    look(answer) {
      const value = field(answer, 'Vary');
      if (value === undefined) return skipped('there is no Vary');
      const names = namesIn(answer, 'Vary');
      const wrong = names.find((name) => !/^[!#$%&'*+.^`|~\w-]+$/.test(name));
      if (wrong !== undefined || names.length === 0)
        return failed(
          'names with commas between them',
          `Vary: ${value}`,
          'A cache cannot tell what the answer depends on',
        );
      const freely = parseCacheControl(field(answer, 'Cache-Control') ?? '').noStore !== true;
      if (!names.includes('*') || !freely) return passed;
      return advised(
        'the fields by their names',
        `Vary: ${value}`,
        'Name what the content depends on; if it is nothing that a request says, send Cache-Control: no-store',
      );
    },
  },
];

export const SHARED_CHECKS: readonly Check<Audited, SharedCheck>[] = [
  {
    id: 'shared-credentials',
    sentence: 'What is made for one user is in no answer that a shared cache may keep',
    rfc: 'RFC 9111 §3.5',
    async run({ plain, anonymous, credentials }) {
      const asked = anonymous();
      if (!asked) return skipped('no credentials were sent: give them by --header to have it looked at');
      const [whole, other] = [await plain(), await asked];
      if (!mayBeShared(whole, credentials)) return passed;
      if (namesIn(whole, 'Vary').some((name) => name === '*' || credentials.includes(name))) return passed;
      if (whole.status === other.status && whole.content.equals(other.content)) return passed;
      const content = other.status === whole.status ? ' with other content' : '';
      const received = `${policy(whole)}, and without the credentials ${describe(other)}${content}`;
      const hint = 'A cache gives the answer of one user to the next: say private, or no-store';
      return (sharing(whole) === 'explicit' ? failed : advised)('private or no-store', received, hint);
    },
  },
];

/** Authorization alone keeps shared caches out, but for what permits it (RFC 9111 §3.5); a cookie does not. */
function mayBeShared(answer: Answer, credentials: readonly string[]): boolean {
  const how = sharing(answer);
  if (how !== 'implicit' || credentials.some((name) => name !== 'authorization')) return how !== 'no';
  return parseCacheControl(field(answer, 'Cache-Control') ?? '').mustRevalidate === true;
}

function policy(answer: Answer): string {
  return `Cache-Control: ${field(answer, 'Cache-Control') ?? '(none)'}`;
}
