/** A country, for tests that change some members of it. */
import type { Country } from '../../examples/demo/page/country.js';
import { FRANCE as FIRST } from '../examples/rows.ts';

export const FRANCE: Country = FIRST;
