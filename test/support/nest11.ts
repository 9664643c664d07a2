/** Puts NestJS 11 in the place of NestJS 12, for all that is imported after this. */
import { jest } from '@jest/globals';

jest.unstable_mockModule('@nestjs/common', () => import('../nest11/common.ts'));
jest.unstable_mockModule('@nestjs/core', () => import('../nest11/core.ts'));
jest.unstable_mockModule('@nestjs/platform-express', () => import('../nest11/platform-express.ts'));
jest.unstable_mockModule('@nestjs/platform-fastify', () => import('../nest11/platform-fastify.ts'));
