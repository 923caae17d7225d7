/** Names of session managers by which people know them: `.desktop` files in /usr/share/xsessions of Debian, Fedora and openSUSE. */
const known: Readonly<Record<string, string>> = {
  'budgie-desktop': 'Budgie',
  cinnamon: 'Cinnamon',
  cinnamon2d: 'Cinnamon 2D',
  enlightenment: 'Enlightenment',
  fluxbox: 'Fluxbox',
  fvwm: 'FVWM',
  fvwm3: 'FVWM 3',
  gnome: 'GNOME',
  'gnome-classic': 'GNOME Classic',
  'gnome-classic-xorg': 'GNOME Classic',
  'gnome-flashback-metacity': 'GNOME Flashback',
  'gnome-xorg': 'GNOME',
  i3: 'i3',
  icewm: 'IceWM',
  'icewm-session': 'IceWM',
  jwm: 'JWM',
  'kde-plasma': 'KDE Plasma',
  lxde: 'LXDE',
  lxqt: 'LXQt',
  mate: 'MATE',
  openbox: 'Openbox',
  'openbox-gnome': 'Openbox GNOME',
  'openbox-kde': 'Openbox KDE',
  plasma: 'KDE Plasma',
  plasmax11: 'KDE Plasma',
  sugar: 'Sugar',
  twm: 'TWM',
  ubuntu: 'Ubuntu',
  'ubuntu-xorg': 'Ubuntu',
  wmaker: 'Window Maker',
  'wmaker-common': 'Window Maker',
  xfce: 'Xfce',
}

/** How a session manager is called, where only its id is known. */
export function desktopName(id: string): string {
  const key = id.toLowerCase()
  return Object.hasOwn(known, key) ? (known[key] ?? id) : id
}
