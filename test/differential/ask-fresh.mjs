// Reads pairs of request and response fields from standard input, and writes one digit for each: 1 where fresh says 304.
import { readFileSync } from 'node:fs';
import fresh from 'fresh';

const questions = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(questions.map(([request, response]) => Number(fresh(request, response))).join(''));
