"""Measured the sine from the very start, and found 0 Hz because the mean was not subtracted."""

# %% lif_sinus_amplitude_solution
frequencies = np.array([0.1, 0.2, 0.4, 0.6, 0.8, 1.0])
I_sinus = 0.5
amplitudes = []
for f in frequencies:
    rec = LIF_Sinus(I_freq=f, I_offset=0, I_amp=I_sinus, tend=40, dt=0.05, do_plot=False)
    v = rec.v[0] / b2.mV
    amplitudes.append((v.max() - v.min()) / 2)

# %% lif_sinus_phase_solution
response_frequencies = []
phases = []
for f in frequencies:
    rec = LIF_Sinus(I_freq=f, tend=60, dt=0.05, do_plot=False)
    t = rec.t[200:] / b2.ms
    v = rec.v[0][200:] / b2.mV
    spectrum = np.abs(np.fft.rfft(v))
    response_frequencies.append(np.fft.rfftfreq(len(v), 0.05)[np.argmax(spectrum)])
    shifts = np.arange(0, 1 / f, 0.01)
    match = [np.dot(v, np.sin(2 * np.pi * f * (t - shift))) for shift in shifts]
    phases.append(-2 * np.pi * f * shifts[np.argmax(match)])
