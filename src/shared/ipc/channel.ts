// What a channel between a window and main is: the shape of what comes in, the windows it is for, the type of what goes out.
import { type TSchema, Type } from 'typebox';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';

/** Windows by purpose; main allows a channel only to the roles named with it. */
export type WindowRole = 'main' | 'settings' | 'audit' | 'platform' | 'doctor' | 'operations' | 'jobs' | 'dataHost';

export const nothing = Type.Object({}, { additionalProperties: false });

export const everyone: readonly WindowRole[] = [
  'main',
  'settings',
  'audit',
  'platform',
  'doctor',
  'operations',
  'jobs',
  'dataHost',
];
/** Windows people see. */
export const userWindows: readonly WindowRole[] = everyone.filter((role) => role !== 'dataHost');
export const screens: readonly WindowRole[] = ['main', 'settings', 'audit'];
export const mainOnly: readonly WindowRole[] = ['main'];
export const hostOnly: readonly WindowRole[] = ['dataHost'];
export const settingsOnly: readonly WindowRole[] = ['settings'];
export const doctorOnly: readonly WindowRole[] = ['doctor'];
export const platformOnly: readonly WindowRole[] = ['platform'];
export const besideMain: readonly WindowRole[] = ['doctor', 'settings', 'jobs'];
export const operationsOnly: readonly WindowRole[] = ['operations'];
export const jobsOnly: readonly WindowRole[] = ['jobs'];
export const jobWindows: readonly WindowRole[] = ['operations', 'jobs'];

export interface Channel<Input extends TSchema, Output> {
  readonly input: Input;
  readonly roles: readonly WindowRole[];
  /** Carries the output type only. */
  readonly output?: Output;
}

/** `channel<Output>()(input, windows)`: inference takes one half only, so the other is given first. */
export function channel<Output>() {
  return <Input extends TSchema>(input: Input, roles: readonly WindowRole[]): Channel<Input, Output> => ({
    input,
    roles,
  });
}

/** Text of at most so many letters. */
export const text = (maxLength: number) => Type.String({ maxLength });

/** A piece of a file. */
export const Bytes = Type.Refine(
  Type.Unsafe<Uint8Array>(Type.Unknown()),
  (value) => value instanceof Uint8Array && value.length <= CHUNK_BYTES,
);
