"""The coordinator: one case, from referral to closed, as pure rules over frozen values.

A module for each concern of the procedure: threshold, direction, rating, clocks, answers, discussion,
disclosure, permission, escalation, assessment, package, release gate, record-back, task-back, timers.
"""
