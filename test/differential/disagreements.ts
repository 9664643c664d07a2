/**
 * Every way in which `unstale` and `fresh` disagree. Each class can say a case in other words, which fresh reads as the RFC does; a
 * disagreement belongs to the class whose words turn the answer of fresh.
 */
import { falseIfUnmodifiedSince, onDates } from './disagreements-on-dates.ts';
import { onFields } from './disagreements-on-fields.ts';
import { onTags } from './disagreements-on-tags.ts';
import type { Disagreement } from './disagreement.ts';

/** In the order in which a case is put in other words. */
export const DISAGREEMENTS: readonly Disagreement[] = [...onFields, ...onTags, ...onDates, falseIfUnmodifiedSince];
