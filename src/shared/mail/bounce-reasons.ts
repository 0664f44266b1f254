// Why a mail was not delivered, from what servers say about it. The words are those of many programs; the names of reasons are
// the ones that tools for bounces share. An enhanced status code (RFC 3463) decides where the words do not.

export const bounceReasons = [
  'authfailure',
  'badreputation',
  'blocked',
  'contenterror',
  'delivered',
  'exceedlimit',
  'expired',
  'failedstarttls',
  'feedback',
  'filtered',
  'hasmoved',
  'hostunknown',
  'mailboxfull',
  'mailererror',
  'mesgtoobig',
  'networkerror',
  'norelaying',
  'notaccept',
  'notcompliantrfc',
  'onhold',
  'policyviolation',
  'rejected',
  'requireptr',
  'securityerror',
  'spamdetected',
  'speeding',
  'suspend',
  'syntaxerror',
  'systemerror',
  'systemfull',
  'toomanyconn',
  'undefined',
  'userunknown',
  'vacation',
  'virusdetected',
] as const;
export type BounceReason = (typeof bounceReasons)[number];

/** What holds for good: the address, its host, or the mailbox is gone. */
export const hardReasons: readonly BounceReason[] = ['userunknown', 'hostunknown', 'hasmoved'];

const unknownUser =
  /user unknown|unknown user|no such (?:user|mailbox|recipient|address|person|account)|user (?:is )?not (?:found|known|exist)|user doesn'?t exist|does not exist|doesn'?t exist|(?:mailbox|account|recipient|address|user) (?:is )?(?:unavailable|unknown|invalid|not available|not found|inactive)|invalid (?:mailbox|recipient|user|address)|unknown (?:address|recipient|mailbox|local)|recipient (?:address )?(?:rejected|not recognized)|address rejected|not a valid (?:mailbox|user|recipient)|unrouteable address|mailbox not (?:found|exist)|no mailbox (?:here )?by that name|recipient unknown|not our customer|is not a known user|address unknown|undeliverable address|no account by that name|address (?:couldn'?t be|could not be|not) found/;

/** The first that fits. Those that say more stand before those that say less. */
const words: readonly (readonly [BounceReason, RegExp])[] = [
  ['hostunknown', /host or domain name not found(?!.{0,20}try again)/],
  ['spamdetected', /rejected due to spam|spam classification/],
  ['vacation', /out of (?:the )?office|on vacation|automatic reply/],
  [
    'authfailure',
    /dmarc|spf (?:check|fail|record|validation)|fails? spf|spf: fail|dkim (?:check|fail|signature)|unauthenticated (?:e-?mail|mail) from|not pass(?:ed)? authentication|sender policy framework|authentication (?:check|required for relay)? ?failed: (?:spf|dkim)/,
  ],
  [
    'requireptr',
    /\bptr\b|reverse dns|rdns|no reverse|cannot find your hostname|client host rejected: cannot find|unresolvable (?:client|relay)/,
  ],
  ['badreputation', /low reputation|poor reputation|bad reputation|reputation of (?:the|your)|sender score/],
  [
    'toomanyconn',
    /too many (?:connections|concurrent|recipients|sessions|hosts)|connection (?:rate )?limit|connections? from your/,
  ],
  [
    'speeding',
    /at a rate that|rate[- ]limit(?:ed)?|too many (?:messages|emails|mails)|sending (?:rate|too (?:fast|quickly))|please (?:slow|try) .*slow|throttl|mail rate/,
  ],
  ['virusdetected', /virus|malware|infected|trojan|phishing/],
  [
    'notcompliantrfc',
    /rfc ?[25]\d{3}|duplicate header|multiple (?:550[- ]\S+ )?addresses in from|missing (?:\S+ )?(?:from|date|message-id) header|no valid from|non-?rfc|not rfc|bare (?:lf|cr|linefeed)|header is (?:missing|invalid)|single from:|invalid header/,
  ],
  [
    'spamdetected',
    /scored as spam|spam classification|\bube\b|(?:detected|classified|identified|rejected|considered|looks like|likely|blocked|marked|recogni[sz]ed).{0,30}\bspam\b|\bspam\b.{0,30}(?:detected|rejected|content|refused|message|score|filter)|unsolicited|this message (?:looks|appears)|content (?:was )?rejected|message content rejected|high probability of spam|bulk mail/,
  ],
  [
    'blocked',
    /spamhaus|dnsbl|\brbl\b|blocked (?:by|using|-|for)|black-?list|blocklist|block ?list|blocked -? ?see|listed (?:in|at|on|by)|refused to talk to me|access denied.{0,20}ip|your (?:ip|host|network|server).{0,40}(?:blocked|banned|denied|rejected|not allowed)|client host (?:.{0,40})?(?:blocked|rejected)|connection (?:refused by|rejected)|service (?:not available|unavailable|refused|temporarily unavailable).{0,20}(?:closing|client)|banned sending|ip address .{0,40}(?:block|reject)/,
  ],
  [
    'mesgtoobig',
    /message (?:size|file|length|too).{0,30}(?:exceed|big|large|limit)|too (?:big|large)|size (?:of .{0,20})?exceeds?|exceed(?:s|ed)? (?:the )?(?:maximum|fixed|message)[^.]{0,20}size|message header size/,
  ],
  [
    'mailboxfull',
    /quota|mailbox (?:is |has |size )?(?:full|exceeded|limit|over)|(?:mail ?box|inbox|account|disk) .{0,25}(?:is )?full\b|over ?quota|insufficient (?:disk|storage|system)? ?(?:space|storage)|not enough (?:disk|storage) ?space|storage (?:limit|space) |out of storage|has exceeded|mailfolder is full|exceeded storage/,
  ],
  [
    'suspend',
    /(?:account|mailbox|user|recipient|address) .{0,40}(?:disabled|suspended|discontinued|deactivated|frozen|inactive|blocked|expired|locked|terminated|not active|not activated)|(?:disabled|suspended|inactive|deactivated|frozen) (?:account|mailbox|user|recipient|address|e-?mail)|is currently suspended|no longer (?:active|in use|in service)|mailbox (?:currently|temporarily) (?:disabled|unavailable|suspended)/,
  ],
  [
    'hasmoved',
    /has (?:been )?(?:moved|replaced|changed)|no longer on server|address has changed|new address|moved to|recipient has moved/,
  ],
  [
    'norelaying',
    /relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed)|prohibited|is not|refused|mail)|not (?:configured|permitted|allowed|authorized) to relay|unable to relay|cannot relay|we do not relay|no relaying|mail server requires authentication|email address is not verified|not (?:a|one of) (?:local|our) domain|insecure mail relay|open relay|relay denied/,
  ],
  [
    'notaccept',
    /null ?mx|does(?:n'?t| not) (?:receive|accept) e?-?mail|host does not (?:accept|receive) mail|no mail service|smtp protocol returned a permanent|domain does not accept mail|name server: \.: host not found|not accept(?:ing)? (?:any )?mail/,
  ],
  [
    'securityerror',
    /unauthenticated senders? not allowed|authentication (?:failed|required|failure|turned on)|must (?:issue a )?starttls|encryption (?:needed|required)|tls (?:is )?required|login (?:required|failed)|not authenticated|sasl|executable files are not allowed|insecure/,
  ],
  ['failedstarttls', /starttls|tls (?:handshake|negotiation|not available|is not)/],
  [
    'policyviolation',
    /polic(?:y|ies)|protocol violation|not (?:allowed|permitted) by|email not accepted|local policy|disallowed|prohibited|message not allowed|denied by/,
  ],
  [
    'networkerror',
    /no route to host|lost connection|network (?:is )?unreachable|could not connect|connection (?:lost|refused|reset|dropped|interrupted|was (?:dropped|refused|closed))|name service error|malformed or unexpected name server|host name lookup failure|dns error|domain name not found|host not found, try again|no relevant answers|unable to resolve|loops? back|mail (?:forwarding )?loop|too many hops|hop count|name lookup|can'?t (?:create|open) (?:connection|socket)|unable to connect|looping/,
  ],
  [
    'hostunknown',
    /host (?:or domain (?:name )?)?(?:is )?(?:not found|unknown)|domain (?:name )?(?:is )?(?:not (?:found|exist)|unknown)|unknown (?:host|domain)|no such (?:host|domain)|unrouteable mail domain|nxdomain|illegal host|domain must (?:exist|resolve)|host unreachable|invalid (?:host|domain)/,
  ],
  [
    'expired',
    /timed? ?out|delivery (?:time )?expired|could not be delivered for|retry time(?:out)? (?:not reached|exceeded)|too long|not (?:be )?delivered (?:within|after|for)|has been in the queue|did not accept our requests to connect|message (?:is )?(?:too old|expired)|still (?:being|trying)|delayed/,
  ],
  ['exceedlimit', /exceed(?:s|ed)? .{0,20}limit|message limit/],
  [
    'rejected',
    /sender (?:address )?(?:rejected|verify failed|denied|not)|domain of sender|(?:user|volume|unexpected) .{0,20}complaints?|not a registered gateway|(?:your|the) (?:sender|from|address|domain|e-?mail|message) .{0,30}(?:rejected|refused|denied|blocked|not accepted)|mail from .{0,60}(?:rejected|denied|refused|not)|access denied|sender is|rejected (?:by|for)|transaction (?:rejected)|denied \[/,
  ],
  ['systemfull', /mail system full|no space left|system storage|insufficient system resources/],
  [
    'mailererror',
    /procmail|(?:command|program|process|pipe) .{0,40}(?:failed|died|output|exited|error|time)|x-unix|exit(?:ed)? (?:with )?(?:status|code)|returned .{0,10}error|user configuration file|can'?t exec|mailer(?: error| returned)|maildrop|local delivery failed/,
  ],
  [
    'syntaxerror',
    /syntax error|(?:command|parameter) (?:\S+ )?(?:not (?:implemented|recognized|supported)|unrecognized|unknown)|improper sequence|bad sequence|sequence of commands|commands? out of|unrecognized (?:command|parameter)/,
  ],
  [
    'systemerror',
    /(?:system|internal|configuration|local|server|queue|temporary|service|recipient|lookup) (?:\S+ )?(?:error|failure|problem|fault)|transaction failed|could not load|service unavailable|temporar(?:y|ily) (?:failure|problem|error|unavailable|rejected)|try again later|can'?t create|queue file|unable to (?:deliver|process)|resources? temporarily/,
  ],
  [
    'contenterror',
    /(?:content|mime|attachment|charset|8-?bit|encoding) .{0,40}(?:error|not |reject|invalid|unsupported|required)|malformed/,
  ],
];

/** Where words say nothing. */
const byStatus: readonly (readonly [RegExp, BounceReason])[] = [
  [/^[45]\.1\.[0123]$|^5\.1\.10$/, 'userunknown'],
  [/^[45]\.1\.2$/, 'hostunknown'],
  [/^[45]\.1\.6$/, 'hasmoved'],
  [/^[45]\.1\.[789]$/, 'rejected'],
  [/^5\.2\.1$/, 'userunknown'],
  [/^4\.2\.1$/, 'suspend'],
  [/^[45]\.2\.2$/, 'mailboxfull'],
  [/^[45]\.2\.3$/, 'exceedlimit'],
  [/^[45]\.2\.\d+$/, 'filtered'],
  [/^[45]\.3\.1$/, 'systemfull'],
  [/^[45]\.3\.2$/, 'notaccept'],
  [/^[45]\.3\.4$/, 'mesgtoobig'],
  [/^[45]\.3\.\d+$/, 'systemerror'],
  [/^5\.4\.[04]$|^5\.4\.310$/, 'hostunknown'],
  [/^[45]\.4\.1$|^[45]\.4\.7$|^4\.4\.0$/, 'expired'],
  [/^[45]\.4\.\d+$/, 'networkerror'],
  [/^[45]\.5\.3$/, 'toomanyconn'],
  [/^[45]\.5\.\d+$/, 'syntaxerror'],
  [/^[45]\.6\.\d+$/, 'contenterror'],
  [/^[45]\.7\.(?:2[0-6])$/, 'authfailure'],
  [/^[45]\.7\.\d+$/, 'policyviolation'],
];

export interface BounceFacts {
  /** Everything said about it, on one line. */
  readonly text: string;
  readonly status: string;
  readonly reply: string;
  /** Step of SMTP it was said at; empty: not known. */
  readonly command: string;
  /** A program on the receiving host said it, not a mail server. */
  readonly isLocal: boolean;
  readonly action: string;
}

/** Who the mail was for is not known there. */
export function saysUnknownUser(text: string): boolean {
  return unknownUser.test(text.toLowerCase());
}

export function reasonOf(facts: BounceFacts): BounceReason {
  const { status, reply, command, isLocal, action } = facts;
  const text = facts.text.toLowerCase();
  if (action === 'delivered' || action === 'deliverable' || action === 'relayed' || action === 'expanded')
    return 'delivered';
  const said = words.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
  const hasSpecialStatus = status !== '' && !status.endsWith('.0.0');
  const isUser = unknownUser.test(text);
  if (isLocal && said !== 'mailboxfull') return isUser && !/procmail/.test(text) ? 'userunknown' : 'mailererror';
  // A server that takes the address and knows nobody of the name at the end of the content filters.
  if (isUser && (said === null || !precedes(said))) return userOrFilter(facts);
  if (said !== null) return said;
  if (hasSpecialStatus) {
    const found = byStatus.find(([pattern]) => pattern.test(status))?.[1];
    if (found !== undefined) return found;
  }
  if (command === 'EHLO' || command === 'HELO') return 'blocked';
  if (command === 'RCPT' && reply.startsWith('5')) return 'userunknown';
  if (action === 'delayed' || action === 'expired') return 'expired';
  return reply === '' && status === '' ? 'undefined' : status.startsWith('4') ? 'onhold' : 'onhold';
}

/** Reasons that say more than "no such user" where both are said. */
function precedes(reason: BounceReason): boolean {
  return [
    'mailboxfull',
    'suspend',
    'hasmoved',
    'blocked',
    'spamdetected',
    'speeding',
    'authfailure',
    'requireptr',
    'badreputation',
    'virusdetected',
    'norelaying',
    'vacation',
    'notcompliantrfc',
  ].includes(reason);
}

function userOrFilter({ status, command, text }: BounceFacts): BounceReason {
  const isAboutSender = /domain of sender|sender (?:address )?rejected|from:/i.test(text) && !/recipient/i.test(text);
  if (isAboutSender) return 'rejected';
  if (/^[45]\.1\.[0126]$|^5\.2\.1$|^5\.1\.10$|^5\.4\.1$/.test(status)) return 'userunknown';
  if (command === 'DATA') return 'filtered';
  if (command === 'RCPT') return 'userunknown';
  // Nobody says when it was said: of a mail system that names the address it means the address.
  return status === '' || !text.includes('@') ? 'filtered' : 'userunknown';
}

/** Numbers that stand for a reason where no server named a status. */
export const pseudoStatus: Partial<Readonly<Record<BounceReason, string>>> = {
  undefined: '5.0.900',
  onhold: '5.0.901',
  norelaying: '5.0.909',
  filtered: '5.0.910',
  userunknown: '5.0.911',
  hostunknown: '5.0.912',
  hasmoved: '5.0.916',
  rejected: '5.0.918',
  suspend: '5.0.921',
  mailboxfull: '5.0.922',
  exceedlimit: '5.0.923',
  systemerror: '5.0.930',
  notaccept: '5.0.932',
  mesgtoobig: '5.0.934',
  mailererror: '5.0.939',
  networkerror: '5.0.944',
  toomanyconn: '5.0.945',
  expired: '5.0.947',
  contenterror: '5.0.960',
  securityerror: '5.0.970',
  blocked: '5.0.971',
  spamdetected: '5.0.980',
};
