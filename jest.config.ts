/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

process.env['TZ'] = 'America/St_Johns'; // for the workers: no HTTP-date may depend on the zone of its server

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
