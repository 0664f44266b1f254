/** What can be made from anywhere: the command, its words in the palette, and its key on any screen. */
export const createCommands = [
  ['new:deal', 'newDeal', 'n'],
  ['new:account', 'newAccount', null],
  ['new:contact', 'newContact', null],
  ['new:lead', 'newLead', null],
  ['new:task', 'newTask', 't'],
  ['new:activity', 'logActivity', 'l'],
  ['new:mail', 'writeMail', 'w'],
] as const;
