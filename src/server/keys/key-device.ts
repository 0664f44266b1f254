/** How the device is called that a program with a key works as; what follows is the id of the key. */
export const KEY_DEVICE = 'api.key.';
