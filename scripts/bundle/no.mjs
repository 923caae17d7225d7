/** What packages find by the environment when they are loaded (whether colours are taken, whether this is CI) and vdd goes by otherwise. */
export default false
