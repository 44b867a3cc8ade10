-- COUNTS: one row per organization, snapshot and combination of outcome and the two states.
--
-- The same text runs in DuckDB, Spark and Athena. It takes three relations, all columns text:
--   accounts  organization, taken, account_id, standard_state
--   govcloud  organization, taken, account_id, outcome, govcloud_state
--   runs      organization, taken: the snapshots, which are those that have a manifest
-- docs/scale.md has how each engine gets them. What a stopped run left has no manifest, and is not
-- counted.
--
-- Each side is brought to one row an account before the join, which would multiply without a word
-- whoever is there twice. `twice` is how many accounts of a row that were: there must be none, and
-- toolkit.fleet.counts_from refuses what has any.
WITH snapshots AS (
  -- A number is joined and grouped by in a fraction of the memory that two texts take.
  SELECT organization, taken, ROW_NUMBER() OVER (ORDER BY organization, taken) AS snapshot
  FROM (SELECT DISTINCT organization, taken FROM runs) AS known
),
listed AS (
  SELECT snapshot, account_id, MAX(standard_state) AS standard_state, COUNT(*) AS times_listed
  FROM accounts JOIN snapshots USING (organization, taken)
  GROUP BY snapshot, account_id
),
looked_up AS (
  SELECT snapshot, account_id, MAX(outcome) AS outcome, MAX(govcloud_state) AS govcloud_state,
    COUNT(*) AS times_looked_up
  FROM govcloud JOIN snapshots USING (organization, taken)
  GROUP BY snapshot, account_id
),
pairs AS (
  -- Whoever is in the list and was not looked up was not seen, as a look-up that failed was not.
  SELECT snapshot, COALESCE(outcome, 'FAILED') AS outcome, standard_state, govcloud_state,
    CASE WHEN times_listed > 1 OR times_looked_up > 1 THEN 1 ELSE 0 END AS is_twice
  FROM listed FULL JOIN looked_up USING (snapshot, account_id)
),
counted AS (
  SELECT snapshot, outcome, standard_state, govcloud_state,
    COUNT(*) AS accounts, SUM(is_twice) AS twice
  FROM pairs
  GROUP BY snapshot, outcome, standard_state, govcloud_state
)
SELECT
  organization AS organization_id,
  -- 2026-11-22T03-00-00Z is how a folder can be called; with colons it is ISO 8601.
  CONCAT(SUBSTR(taken, 1, 13), ':', SUBSTR(taken, 15, 2), ':', SUBSTR(taken, 18, 3)) AS taken,
  outcome, standard_state, govcloud_state, accounts, twice
FROM counted JOIN snapshots USING (snapshot)
