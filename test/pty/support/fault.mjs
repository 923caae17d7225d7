// Loaded into vdd by NODE_OPTIONS: plants the fault that VDD_TEST_FAULT names when the process gets SIGUSR2.
process.on('SIGUSR2', () => {
  const planted = () => {
    throw new Error('planted by a test')
  }
  if (process.env.VDD_TEST_FAULT === 'thrown') planted()
  // the clock of the status line needs it: an error while drawing
  else if (process.env.VDD_TEST_FAULT === 'drawing') Date.prototype.getSeconds = planted
  else void Promise.resolve().then(planted)
})
