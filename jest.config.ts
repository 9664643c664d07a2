/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const transform = '<rootDir>/test/support/esbuild-transform.mjs';

const config: Config = {
  testEnvironment: 'node',
  maxWorkers: '100%', // mostly waiting on sockets
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': transform,
  },
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  errorOnDeprecated: true,
  restoreMocks: true,
};

export default config;
