// Where the large providers are. What is typed by hand is for everybody else.
import type { MailAccountInput, MailPreset } from '#shared/mail/mail-types.ts';

type Preset = Pick<MailAccountInput, 'imap' | 'smtp' | 'auth' | 'oauth'>;

export const presets: Readonly<Record<MailPreset, Preset>> = {
  gmail: {
    imap: { host: 'imap.gmail.com', port: 993, security: 'tls' },
    smtp: { host: 'smtp.gmail.com', port: 465, security: 'tls' },
    auth: 'oauth',
    oauth: {
      clientId: '',
      clientSecret: '',
      authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      scope: 'https://mail.google.com/',
    },
  },
  microsoft: {
    imap: { host: 'outlook.office365.com', port: 993, security: 'tls' },
    smtp: { host: 'smtp.office365.com', port: 587, security: 'starttls' },
    auth: 'oauth',
    oauth: {
      clientId: '',
      clientSecret: '',
      authorizeUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
      tokenUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
      scope: 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
    },
  },
  other: {
    imap: { host: '', port: 993, security: 'tls' },
    smtp: { host: '', port: 465, security: 'tls' },
    auth: 'password',
    oauth: null,
  },
};
