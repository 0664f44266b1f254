// A device of another time is told so before its message is read: 426 never costs it anything, its journal stays as it is.
import type { preValidationHookHandler } from 'fastify';
import { OutpostError } from '#shared/kernel/errors.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';

/** The server keeps the two protocol versions before its own. */
export const MIN_PROTOCOL_VERSION = Math.max(1, PROTOCOL_VERSION - 2);

export const checkProtocolVersion: preValidationHookHandler = (request, _reply, done) => {
  const { body } = request;
  const protocol = typeof body === 'object' && body !== null && 'protocol' in body ? body.protocol : undefined;
  if (typeof protocol !== 'number' || !Number.isInteger(protocol)) {
    // The schema says what is wrong with it.
    done();
    return;
  }
  const details = { protocol: PROTOCOL_VERSION, minProtocol: MIN_PROTOCOL_VERSION };
  if (protocol < MIN_PROTOCOL_VERSION) {
    done(
      new OutpostError(
        'too_old_protocol',
        'This version of Outpost is too old for the server. Update it; nothing you saved is lost.',
        details,
      ),
    );
  } else if (protocol > PROTOCOL_VERSION) {
    done(
      new OutpostError(
        'too_old_protocol',
        'The server is older than this version of Outpost. Ask your administrator to update it; nothing you saved is lost.',
        details,
      ),
    );
  } else done();
};
