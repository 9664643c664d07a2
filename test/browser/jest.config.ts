/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  rootDir: '../..',
  testEnvironment: 'node',
  maxWorkers: 1, // a browser is many processes
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/esbuild-transform.mjs' },
  testTimeout: 60_000,
  errorOnDeprecated: true,
  restoreMocks: true,
};

export default config;
