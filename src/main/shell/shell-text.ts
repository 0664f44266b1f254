// Words of menus, tray and messages that stand outside the windows.

export type ShellLanguage = 'en' | 'de';

const english = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  go: 'Go',
  sync: 'Sync',
  window: 'Window',
  help: 'Help',
  newDeal: 'New Deal',
  newContact: 'New Contact',
  newAccount: 'New Account',
  newLead: 'New Lead',
  newTask: 'New Task',
  newWindow: 'New Window',
  settings: 'Settings…',
  quit: 'Quit Outpost',
  palette: 'Find or Do Anything…',
  home: 'Home',
  pipeline: 'Pipeline',
  deals: 'Deals',
  accounts: 'Accounts',
  contacts: 'Contacts',
  leads: 'Leads',
  tasks: 'Tasks',
  inbox: 'Inbox',
  complete: 'Complete',
  snooze: 'Snooze 1 Hour',
  manyNews: '# new notifications',
  hiddenNews: 'There is something new.',
  attention: 'Needs Your Attention',
  syncNow: 'Sync Now',
  workOffline: 'Work Offline',
  shortcuts: 'Keyboard Shortcuts',
  syncDoctor: 'Sync Doctor…',
  jobs: 'Background Jobs…',
  operations: 'Operations…',
  checkUpdates: 'Check for Updates…',
  open: 'Open Outpost',
  browserDone: 'You are signed in',
  browserFailed: 'This did not work',
  browserClose: 'Close this page and go back to Outpost.',
  backupLost: 'Your folder for backups cannot be reached',
  backupLostBody: 'Connect its disk or choose another folder. Until then backups stay on the disk of this computer.',
  lockedTitle: 'Outpost cannot start',
  lockedBody:
    'Outpost is already running with this data, or the folder cannot be written. Use the window that is open, or close it first.',
};
export type ShellText = typeof english;

const german: ShellText = {
  file: 'Datei',
  edit: 'Bearbeiten',
  view: 'Ansicht',
  go: 'Gehe zu',
  sync: 'Abgleich',
  window: 'Fenster',
  help: 'Hilfe',
  newDeal: 'Neue Verkaufschance',
  newContact: 'Neuer Kontakt',
  newAccount: 'Neue Firma',
  newLead: 'Neuer Lead',
  newTask: 'Neue Aufgabe',
  newWindow: 'Neues Fenster',
  settings: 'Einstellungen…',
  quit: 'Outpost beenden',
  palette: 'Suchen oder ausführen…',
  home: 'Übersicht',
  pipeline: 'Pipeline',
  deals: 'Verkaufschancen',
  accounts: 'Firmen',
  contacts: 'Kontakte',
  leads: 'Leads',
  tasks: 'Aufgaben',
  inbox: 'Eingang',
  complete: 'Erledigen',
  snooze: '1 Stunde zurückstellen',
  manyNews: '# neue Benachrichtigungen',
  hiddenNews: 'Es gibt etwas Neues.',
  attention: 'Braucht Ihre Aufmerksamkeit',
  syncNow: 'Jetzt abgleichen',
  workOffline: 'Offline arbeiten',
  shortcuts: 'Tastenkürzel',
  syncDoctor: 'Abgleich untersuchen…',
  jobs: 'Hintergrundaufträge…',
  operations: 'Betrieb…',
  checkUpdates: 'Nach Updates suchen…',
  open: 'Outpost öffnen',
  browserDone: 'Sie sind angemeldet',
  browserFailed: 'Das hat nicht geklappt',
  browserClose: 'Schließen Sie diese Seite und kehren Sie zu Outpost zurück.',
  backupLost: 'Ihr Ordner für Sicherungen ist nicht erreichbar',
  backupLostBody:
    'Schließen Sie den Datenträger an oder wählen Sie einen anderen Ordner. Bis dahin bleiben Sicherungen auf der Platte dieses Computers.',
  lockedTitle: 'Outpost kann nicht starten',
  lockedBody:
    'Outpost läuft bereits mit diesen Daten, oder der Ordner ist nicht beschreibbar. Verwenden Sie das offene Fenster oder schließen Sie es zuerst.',
};

/** `language` is the person's choice, `locale` what the system says, e.g. `de-AT`. */
export function chooseShellLanguage(language: 'system' | 'en' | 'de', locale: string): ShellLanguage {
  if (language !== 'system') return language;
  return locale.toLowerCase().startsWith('de') ? 'de' : 'en';
}

export function shellTextOf(language: ShellLanguage): ShellText {
  return language === 'de' ? german : english;
}
