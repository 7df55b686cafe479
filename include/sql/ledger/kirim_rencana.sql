-- Until the transaction ends, walk the keys in order. The planner does not know a fresh session's size (the tables may
-- not have been analysed since), and would else read and sort all of it for every page.
SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('enable_seqscan', 'off', true), set_config('enable_material', 'off', true)
