// What the server's time goes into, measured for a moment: for whoever runs the server. Names of functions and texts of
// statements with places instead of values; no address, person or value is in any of it.
import { Type, type Static } from 'typebox';

export const LONGEST_PROFILE_SECONDS = 60;

export const ProfileWishSchema = Type.Object({
  seconds: Type.Integer({ minimum: 1, maximum: LONGEST_PROFILE_SECONDS }),
});
export type ProfileWish = Static<typeof ProfileWishSchema>;

const Milliseconds = Type.Number({ minimum: 0 });
/** 0 to 1. */
const Share = Type.Number({ minimum: 0, maximum: 1 });

export const ServerProfileSchema = Type.Object({
  /** When it began. */
  at: Type.String(),
  seconds: Type.Number(),
  /** Of the time of the thread that answers: at work, and of that, freeing memory. */
  busy: Share,
  collecting: Share,
  /** How late that thread came to what was due. */
  delay: Type.Object({ p50Ms: Milliseconds, p99Ms: Milliseconds, maxMs: Milliseconds }),
  /** Most time of their own first. `share`: of the whole time. */
  functions: Type.Array(Type.Object({ name: Type.String(), place: Type.String(), selfMs: Milliseconds, share: Share })),
  /** Most time first; waiting for the database included. */
  statements: Type.Array(
    Type.Object({
      text: Type.String(),
      calls: Type.Integer({ minimum: 0 }),
      totalMs: Milliseconds,
      averageMs: Milliseconds,
      maxMs: Milliseconds,
    }),
  ),
});
export type ServerProfile = Static<typeof ServerProfileSchema>;

export const ProfileStateSchema = Type.Object({
  /** False for administrators of one organization among several: the server is not theirs alone. */
  mayMeasure: Type.Boolean(),
  /** When the measurement that is under way ends; null: there is none. */
  runsUntil: Type.Union([Type.String(), Type.Null()]),
  /** The last one, as long as the server process lives. */
  last: Type.Union([ServerProfileSchema, Type.Null()]),
});
export type ProfileState = Static<typeof ProfileStateSchema>;

/** For the performance tools of a browser: a `.cpuprofile`. */
export const ProfileFileSchema = Type.Object({ name: Type.String(), text: Type.String() });
export type ProfileFile = Static<typeof ProfileFileSchema>;
