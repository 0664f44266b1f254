import { expect, test } from 'vitest';
import de from '../../../../resources/translations/de.json' with { type: 'json' };
import en from '../../../../resources/translations/en.json' with { type: 'json' };
import { leftOutReasons } from '#shared/campaigns/audience.ts';
import { bounceReasons } from '#shared/mail/bounce-reasons.ts';
import { mailVariables } from '#shared/mail/mail-variables.ts';

test.each([
  ['en', en],
  ['de', de],
] as const)(
  'EML-07 whatever keeps a mail from somebody, and whatever fills one in, has a name in %s',
  (_language, words) => {
    for (const reason of [...leftOutReasons, ...bounceReasons])
      expect(words.campaigns.reasons).toHaveProperty([reason]);
    for (const { name, source } of mailVariables) {
      // Of tasks and goals nothing is filled in in a mail to a customer.
      if (source === 'task' || source === 'goal') continue;
      expect(words.campaigns.variables.names).toHaveProperty([name]);
      expect(words.campaigns.variables.sources).toHaveProperty([source]);
    }
  },
);
