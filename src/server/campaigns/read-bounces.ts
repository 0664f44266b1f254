// A bounce or complaint as it came, read: the mail is parsed here, what it means is worked out in `shared`.
import { readBounce, type BounceReport } from '#shared/mail/read-bounce.ts';

export function readBounces(message: string): Promise<readonly BounceReport[]> {
  return Promise.resolve(readBounce(message));
}
