/** Providers of a request and of a tenant, in controllers that are made once and for each request. */
import { Controller, Get, Inject, Injectable, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Conditional } from '../../src/decorators.ts';
import { version } from '../../src/index.ts';

interface OfBoth {
  readonly tenant?: string;
  readonly url?: string;
}

/** How many instances there have been. */
export const made = { tenants: 0, requests: 0 };

@Injectable({ scope: Scope.REQUEST, durable: true })
export class OfTenant {
  readonly tag: string;

  constructor(@Inject(REQUEST) { tenant = '' }: OfBoth) {
    this.tag = `${tenant}${++made.tenants}`;
  }

  current() {
    return version(this.tag);
  }
}

@Injectable({ scope: Scope.REQUEST })
export class OfRequest {
  readonly request: OfBoth;

  constructor(@Inject(REQUEST) request: OfBoth) {
    made.requests++;
    this.request = request;
  }

  current() {
    return version(`${this.request.tenant}${made.requests}${this.request.url}`);
  }
}

@Controller('tenants')
export class Tenants {
  @Get()
  @Conditional(OfTenant)
  ofTenant() {
    return 'content';
  }

  @Get('request')
  @Conditional(OfRequest)
  ofRequest() {
    return 'content';
  }
}

@Controller({ path: 'of-request', scope: Scope.REQUEST })
export class TenantsOfRequest extends Tenants {}
