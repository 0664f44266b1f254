import { badToken, type Position, type PositionSealer } from '#server/sync/token.ts';

/** Sealed positions as they are: who makes positions up is not what is simulated. */
export const plainSealer = {
  seal: (position: Position) => JSON.stringify(position),
  open(token: string) {
    try {
      return JSON.parse(token) as Position;
    } catch (error) {
      throw badToken(error);
    }
  },
} satisfies PositionSealer;
