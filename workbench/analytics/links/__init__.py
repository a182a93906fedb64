"""Learn from a network itself which ties it may lack: calibrated, explained, and silent where there is nothing to say.

`learning` answers the three questions: which ties are missing, which are hidden behind somebody unseen, which will
come. The other modules are its parts, each of which knows those before it only:

- `scores`, `features`: what is known of a pair of nodes; `standing`: where it stands among all pairs without a tie.
- `untied`: the pairs without a tie, all of them or a weighted sample; `hiding`: networks with some ties hidden.
- `stack`: from standings to a probability; `skill`: how good probabilities are, and whether to say them.
- `training`: hold-outs of a network, the stack that is fitted to them, and its skill.
- `future`: the same for ties that come later. `predictor`: all of it in the form of scikit-learn.
- `fairness`: on whom the errors fall.
"""
