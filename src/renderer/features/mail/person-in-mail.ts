// What a mail says about who wrote it. A guess to begin a form with; a person looks at it before it is saved.
import { domainOf, isCompanyDomain } from '#shared/mail/match-mail.ts';
import type { MailAddress } from '#shared/mail/mail-types.ts';

const capitalize = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

export function personIn({ name, address }: MailAddress): {
  readonly name: string;
  readonly email: string;
  /** Empty at a provider everybody has an address at. */
  readonly company: string;
} {
  const email = address.trim().toLowerCase();
  const [local = ''] = email.split('@');
  const domain = domainOf(email);
  // Directories write "Doe, Jane".
  const [family = '', given = '', ...more] = name.split(',').map((part) => part.trim());
  const written = given !== '' && more.length === 0 ? `${given} ${family}` : name.trim();
  const guessed = local
    .split(/[._-]+/)
    .filter((part) => /^\p{L}{2,}$/u.test(part))
    .map((part) => capitalize(part));
  return {
    name: written === '' || written.includes('@') ? (guessed.length > 1 ? guessed.join(' ') : '') : written,
    email,
    company: isCompanyDomain(domain) ? capitalize(domain.split('.').at(-2) ?? '') : '',
  };
}
