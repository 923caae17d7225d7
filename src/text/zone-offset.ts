/** `+0130`, `-03:00` or `Z` in milliseconds east of UTC; what is none of these is `Z`. */
export function zoneOffset(text: string): number {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
