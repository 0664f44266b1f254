// The grid's own few words; everything else on a list is ours and goes through the translations.
const german: Readonly<Record<string, string>> = {
  loadingOoo: 'Wird geladen …',
  noRowsToShow: 'Keine Einträge',
  ariaRowSelect: 'Leertaste wählt die Zeile aus',
  ariaRowDeselect: 'Leertaste hebt die Auswahl auf',
  ariaRowToggleSelection: 'Leertaste wechselt die Auswahl',
  ariaSortableColumn: 'Eingabetaste sortiert',
  ariaChecked: 'ausgewählt',
  ariaUnchecked: 'nicht ausgewählt',
};

export function gridLocale(language: string): Readonly<Record<string, string>> {
  return language === 'de' ? german : {};
}
