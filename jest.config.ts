/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

process.env['TZ'] = 'America/St_Johns'; // for the workers: no HTTP-date may depend on the zone of its server

const transform = '<rootDir>/test/support/esbuild-transform.mjs';

const config: Config = {
  testEnvironment: 'node',
  testEnvironmentOptions: { globalsCleanup: 'off' }, // its default recurses without end in some orders of the files: jestjs/jest#16443
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  maxWorkers: '100%', // mostly waiting on sockets
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'], // npm run test:browser
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '/test/(decorators/legacy|nest)/.*\\.ts$': [transform, { experimentalDecorators: true }],
    '\\.ts$': transform,
  },
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  coverageThreshold: {
    global: { lines: 95, branches: 95 },
    './src/http/': { lines: 99, branches: 99 },
    './src/conditional/': { lines: 99, branches: 99 },
    './src/validators/': { lines: 99, branches: 99 },
    './src/response-cache/': { lines: 99, branches: 96 },
    './src/response-stores/': { lines: 98, branches: 94 },
  },
  errorOnDeprecated: true,
  restoreMocks: true,
};

export default config;
