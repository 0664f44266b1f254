import { Type } from 'typebox';
import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { DeviceListSchema, DeviceNameSchema, WipeReceiptSchema } from '#shared/sync/people-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { DeviceControl } from '#server/identity/device-control.ts';
import { confirmWipe } from '#server/identity/device-wipes.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Person = Type.Object({ id: Id });
const Device = Type.Object({ id: Id, deviceId: Id });
const Nothing = Type.Object({}, { additionalProperties: false });
const tags = ['identity'];
const answers = { 200: Nothing, ...failures };

interface DeviceRoutes {
  readonly devices: DeviceControl;
  readonly database: SqlDatabase;
  readonly clock: Clock;
}

function addEndingRoutes(app: HttpServer, devices: DeviceControl): void {
  app.delete(
    '/api/v1/users/:id/sessions',
    {
      schema: { summary: 'End all sessions of a user but the one that asks', tags, params: Person, response: answers },
    },
    async (request) => {
      await devices.endAll(principalOf(request), request.params.id);
      return {};
    },
  );
  app.delete(
    '/api/v1/users/:id/devices/:deviceId/session',
    { schema: { summary: 'End the session on a device', tags, params: Device, response: answers } },
    async (request) => {
      await devices.end(principalOf(request), request.params.id, request.params.deviceId);
      return {};
    },
  );
}

function addWipeRoutes(app: HttpServer, { devices, database, clock }: DeviceRoutes): void {
  app.post(
    '/api/v1/users/:id/devices/:deviceId/wipe',
    {
      schema: {
        summary: 'Have everything of Outpost on a device erased at its next contact; its session ends at once',
        tags,
        params: Device,
        response: answers,
      },
    },
    async (request) => {
      await devices.wipe(principalOf(request), request.params.id, request.params.deviceId);
      return {};
    },
  );
  app.delete(
    '/api/v1/users/:id/devices/:deviceId/wipe',
    { schema: { summary: 'Take that back while the device was not told', tags, params: Device, response: answers } },
    async (request) => {
      await devices.cancelWipe(principalOf(request), request.params.id, request.params.deviceId);
      return {};
    },
  );
  app.post(
    '/api/v1/auth/wiped',
    {
      config: { access: 'public', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        summary: 'A device says that it has erased itself, with the receipt it was given',
        tags,
        security: [],
        body: WipeReceiptSchema,
        response: answers,
      },
    },
    async (request) => {
      await confirmWipe(database, request.body.receipt, clock.now());
      return {};
    },
  );
}

export function addDeviceRoutes(app: HttpServer, routes: DeviceRoutes): void {
  const { devices } = routes;
  app.get(
    '/api/v1/users/:id/devices',
    {
      schema: {
        summary: 'Where a user signed in: your own devices, and as an administrator those of others',
        tags,
        params: Person,
        response: { 200: DeviceListSchema, ...failures },
      },
    },
    async (request) => ({ devices: [...(await devices.list(principalOf(request), request.params.id))] }),
  );
  app.put(
    '/api/v1/users/:id/devices/:deviceId',
    {
      schema: { summary: 'Name a device', tags, params: Device, body: DeviceNameSchema, response: answers },
    },
    async (request) => {
      const { id, deviceId } = request.params;
      await devices.rename(principalOf(request), id, deviceId, request.body.name);
      return {};
    },
  );
  addEndingRoutes(app, devices);
  addWipeRoutes(app, routes);
}
